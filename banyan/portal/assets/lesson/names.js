/* What the kept lessons are called in the phone's store of pages: one name for each reader, raised when its form changes. */
export const KEPT = "banyan-lessons-";
export const FORM = KEPT + "1-";
