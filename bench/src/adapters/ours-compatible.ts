import { compatible } from '@dualscope/compatible'

import { apiKey, type Connect } from '../adapter.ts'
import { ours } from './ours.ts'

export const connect: Connect = ({ baseUrl }) => ours(compatible({ apiKey, baseUrl }))
