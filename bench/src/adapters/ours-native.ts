import { dashscope } from '@dualscope/dashscope'

import { apiKey, type Connect } from '../adapter.ts'
import { ours } from './ours.ts'

export const connect: Connect = ({ baseUrl, cumulative = false }) =>
  ours(dashscope({ apiKey, baseUrl, incrementalOutput: !cumulative }))
