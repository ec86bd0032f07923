// States of a change, as the core names them.

const UNDER_WAY: readonly string[] = ['requested', 'approved', 'publishing', 'published', 'received'];

/** Whether something is still to be done or awaited. */
export const isUnderWay = (state: string): boolean => UNDER_WAY.includes(state);
