export { codec, type NativeOptions } from './codec.ts'
export { dashscope, type DashscopeOptions } from './transport.ts'
