import { latePart } from '../lazy.ts'

/** Loads what fits requests to their model that are more than words. */
export const loadFit = latePart(() => import('../request/prepare.ts'))
