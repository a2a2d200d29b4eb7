/* Of Lumino only what ipywidgets uses, from its own sources: no docks, menus, palettes or split panels. */
export { Panel } from "../../../../../node_modules/@lumino/widgets/src/panel";
export { PanelLayout } from "../../../../../node_modules/@lumino/widgets/src/panellayout";
export { TabBar } from "../../../../../node_modules/@lumino/widgets/src/tabbar";
export { Widget } from "../../../../../node_modules/@lumino/widgets/src/widget";
