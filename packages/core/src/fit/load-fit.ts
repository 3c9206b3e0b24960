import { latePart } from '../load-part.ts'

/** Loads what fits requests to their model that are more than words. */
export const loadFit = latePart(() => import('./prepare.ts'))
