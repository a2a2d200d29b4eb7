/* No tab of a lesson is dragged away: Lumino's tab bar asks for this only where tabs may be moved. */
export const Drag = { overrideCursor: function () { return { dispose: function () { } }; } };
