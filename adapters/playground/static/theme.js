// Before anything is painted, so that a chosen theme never flashes. "" follows the system.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
