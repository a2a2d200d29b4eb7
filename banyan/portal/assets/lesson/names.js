/* What kept pages are called in the phone's store: one name for each reader, raised when its form changes. */
export const KEPT = "banyan-lessons-";
export const DAILY = "banyan-daily-"; // 每日三题 keeps its one page apart: a worker clears only what is its own
export const FORM = KEPT + "1-";
