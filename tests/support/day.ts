import { calendar } from "../../components/checks/calendar";

/** The day of every spec: what is in support stays so. */
export const TODAY = "2026-11-29";

calendar.today = () => TODAY;
