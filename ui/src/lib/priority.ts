// Priorities of alarms, as the core names them.

/** From the worst. */
export const PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const isPriority = (name: string): name is Priority => PRIORITIES.some((known) => known === name);

/** What the wire calls a priority; an unknown one is taken as the least. */
export const priorityOf = (name: string): Priority => (isPriority(name) ? name : 'low');
