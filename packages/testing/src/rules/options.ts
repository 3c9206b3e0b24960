import type { Conversation } from './conversation.ts'
import { type Issue, missingOrInvalid, createIssue, warn } from './issue.ts'
import type { Model } from './models.ts'

const words = {
  restricted: 'The value of the enable_thinking parameter is restricted to True.',
  choice: 'tool_choice is one of the strings that should be ["none","auto"]',
  json: "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
  jsonThinking: 'Json mode response is not supported when enable_thinking is true',
  incremental: 'The incremental_output parameter must be "true" when enable_thinking is true',
  format: 'The result_format parameter must be "message" when enable_thinking is true',
  search: 'This model does not support enable_search.',
}

function judgeThinking({ model: id, protocol, options, thinking }: Conversation, model: Partial<Model>, at: string) {
  const issues: Issue[] = []
  const path = `${at}enable_thinking`
  if (options.enable_thinking != null && model.refusesSwitch) {
    issues.push(createIssue(protocol, 'thinking', `The model ${id} does not support enable_thinking.`, path))
  } else if (options.enable_thinking === false && model.thinking === 'always') {
    issues.push(createIssue(protocol, 'parameter', words.restricted, path))
  }
  const budget = options.thinking_budget
  if (budget != null && !thinking) issues.push(warn('thinking_budget without thinking', `${at}thinking_budget`))
  if (budget != null && model.maxReasoning !== undefined && budget > model.maxReasoning) {
    const text = `The thinking_budget parameter must be a positive integer and not greater than ${model.maxReasoning}`
    issues.push(createIssue(protocol, 'parameter', text, `${at}thinking_budget`))
  }
  return issues
}

function judgeOutput({ protocol, options, turns }: Conversation, model: Partial<Model>, at: string) {
  const issues: Issue[] = []
  const format = options.response_format?.type ?? 'text'
  if (format === 'text') return issues
  const path = `${at}response_format`
  if (model.structuredOutput === false) {
    issues.push(createIssue(protocol, 'parameter', missingOrInvalid('response_format'), path))
  }
  if (options.enable_thinking === true) issues.push(createIssue(protocol, 'parameter', words.jsonThinking, path))
  if (format === 'json_object' && !turns.some(({ text }) => /json/i.test(text))) {
    issues.push(createIssue(protocol, 'parameter', words.json, path))
  }
  return issues
}

/** Validates the options of one protocol. Undocumented models have accepted what the "Error messages" page forbids (recorded). */
function judgeEnvelope(conversation: Conversation, isKnown: boolean) {
  const { protocol, service, options, thinking, stream, incremental, resultFormat } = conversation
  const issues: Issue[] = []
  if (protocol === 'compatible') {
    if (options['stream_options'] != null && !stream) {
      issues.push(createIssue(protocol, 'parameter', missingOrInvalid('stream_options'), 'stream_options'))
    }
    return issues
  }
  if (!isKnown) return issues
  if (stream && thinking && incremental !== true) {
    issues.push(createIssue(protocol, 'parameter', words.incremental, 'parameters.incremental_output'))
  }
  // "No effect" on multimodal-generation.
  if (service === 'text-generation' && resultFormat !== 'message') {
    const path = 'parameters.result_format'
    if (thinking) issues.push(createIssue(protocol, 'parameter', words.format, path))
    else if (options.tools) issues.push(createIssue(protocol, 'parameter', missingOrInvalid('result_format'), path))
  }
  return issues
}

/** Validates the tools and their options. */
function judgeTools({ protocol, options }: Conversation, at: string) {
  const issues: Issue[] = []
  const { tools, tool_choice: choice, n } = options
  if (tools && n != null && n > 1) issues.push(createIssue(protocol, 'parameter', missingOrInvalid('n'), `${at}n`))
  if (choice != null && typeof choice === 'object') {
    const isThere = tools?.some((tool) => tool.function.name === choice.function.name)
    if (!isThere) issues.push(createIssue(protocol, 'parameter', missingOrInvalid('tool_choice'), `${at}tool_choice`))
  }
  for (const [index, tool] of (tools ?? []).entries()) {
    if (tool.function.description == null) {
      issues.push(warn('description is documented as required', `${at}tools.${index}.function.description`))
    }
  }
  return issues
}

/** Validates `reasoning_effort`, whose values are documented for each model. */
function judgeEffort({ protocol, options }: Conversation, { efforts }: Partial<Model>, at: string) {
  const effort = options.reasoning_effort
  const path = `${at}reasoning_effort`
  if (effort == null || !efforts || efforts.includes(effort)) return []
  if (efforts.length === 0) return [warn('reasoning_effort cannot be set for this model', path)]
  return [createIssue(protocol, 'parameter', missingOrInvalid('reasoning_effort'), path)]
}

/** Validates the options against each other and against the model. */
export function judgeOptions(conversation: Conversation, known: Partial<Model> | undefined): Issue[] {
  const model = known ?? {}
  const { protocol, options, thinking, turns } = conversation
  const at = protocol === 'compatible' ? '' : 'parameters.'
  const issues = [
    ...judgeThinking(conversation, model, at),
    ...judgeOutput(conversation, model, at),
    ...judgeEnvelope(conversation, known !== undefined),
  ]
  const forced = options.tool_choice != null && options.tool_choice !== 'auto' && options.tool_choice !== 'none'
  // The page of kimi-k3, which always thinks, has a sample with `required`.
  const exempt = options.tool_choice === 'required' && model.partial === true
  if (forced && thinking && !exempt) issues.push(createIssue(protocol, 'parameter', words.choice, `${at}tool_choice`))
  if (options.enable_search === true && model.search === false) {
    issues.push(createIssue(protocol, 'parameter', words.search, `${at}enable_search`))
  }
  issues.push(...judgeTools(conversation, at), ...judgeEffort(conversation, model, at))
  const most = model.maxOutput
  if (options.max_tokens != null && most !== undefined && options.max_tokens > most) {
    issues.push(createIssue(protocol, 'parameter', `Range of max_tokens should be [1, ${most}]`, `${at}max_tokens`))
  }
  for (const name of model.notSettable ?? []) {
    if (options[name] != null) issues.push(warn(`${name} cannot be set for this model`, `${at}${name}`))
  }
  const isPartial = turns.some(({ partial }) => partial)
  // "Not combinable with thinking or tools" (DashScope reference).
  if (isPartial && (model.partial === false || options.enable_thinking === true || options.tools)) {
    issues.push(createIssue(protocol, 'parameter', missingOrInvalid('partial'), 'messages'))
  }
  return issues
}
