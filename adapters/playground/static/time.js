// Moments as the rest of Preceptor writes them: "Mon 5 Oct", "18:30".

function parts(moment, zone, options) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options });
  return Object.fromEntries(format.formatToParts(new Date(moment)).map((part) => [part.type, part.value]));
}

export function day(moment, zone) {
  const p = parts(moment, zone, { weekday: "short", day: "numeric", month: "short" });
  return `${p.weekday} ${p.day} ${p.month.slice(0, 3)}`;
}

export function longDay(moment, zone) {
  const p = parts(moment, zone, { weekday: "long", day: "numeric", month: "long" });
  return `${p.weekday} ${p.day} ${p.month}`;
}

export function hour(moment, zone) {
  const p = parts(moment, zone, { hour: "2-digit", minute: "2-digit" });
  return `${p.hour}:${p.minute}`;
}

export function when(moment, style, zone) {
  if (style === "day") return day(moment, zone);
  if (style === "hour") return hour(moment, zone);
  return `${day(moment, zone)}, ${hour(moment, zone)}`;
}

/** "in 3 days", as far as one needs to know it. */
export function until(moment, now) {
  const minutes = Math.max(0, Math.round((new Date(moment) - new Date(now)) / 60000));
  if (minutes < 1) return "now";
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 36 * 60) return `in ${Math.round(minutes / 60)} h`;
  return `in ${Math.round(minutes / 1440)} days`;
}
