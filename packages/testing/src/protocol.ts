/** A protocol of Model Studio: OpenAI-compatible `chat/completions`, or native DashScope generation. */
export type Protocol = 'compatible' | 'dashscope'

/** A native service: the part of its path after `aigc/`. */
export type Service = 'text-generation' | 'multimodal-generation'
