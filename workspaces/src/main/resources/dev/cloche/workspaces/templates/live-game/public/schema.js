// Made of schema.ts by Publish; change that file.
export const WORLD = 100;
export const REACH = 14;
export const DAMAGE = 12;
export const HEALING = 50;
