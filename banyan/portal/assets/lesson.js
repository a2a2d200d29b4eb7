/* A lesson page: one step at a time, practice that teaches at once, and nothing lost when the line is. The text needs none of this. */
import { start as startChoices } from "./choices/panel.js";
import { start as startAloud } from "./lesson/aloud.js";
import { start as startConcerns } from "./lesson/concern.js";
import { start as startKeeping } from "./lesson/keep.js";
import { start as startLeft } from "./lesson/left.js";
import { start as startListening } from "./lesson/listen.js";
import { start as startPaper } from "./lesson/paper.js";
import { start as startQueue } from "./lesson/queue.js";
import { practise, start as startPractice } from "./lesson/practice.js";
import { resume, start as startSteps } from "./lesson/steps.js";
import { start as startPhotos } from "./lesson/photo.js";
import { restore } from "./lesson/restore.js";
import { start as startTerms } from "./lesson/terms.js";
import { start as startWalks } from "./lesson/walk.js";

startChoices();
startSteps();
startPractice();
startPhotos();
startWalks();
startConcerns();
startTerms();
startListening();
startAloud();
startPaper();
startLeft();
startQueue();
startKeeping();
restore(resume);

document.addEventListener("banyan:practice", function (event) {
  practise(event.detail.question, event.detail.value).catch(function () { /* told by the state line */ });
});
