"""In which words the house speaks: its languages, how a reader's is chosen, 繁體 from 简体. For hub, portal and lessons alike."""
