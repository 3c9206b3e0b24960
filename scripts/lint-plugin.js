// What oxlint has no rule for: a module names what it exports.
const noExportAll = {
  meta: { type: 'problem', messages: { exportAll: 'Name what is exported: no `export *`.' } },
  create(context) {
    return {
      ExportAllDeclaration(node) {
        context.report({ node, messageId: 'exportAll' })
      },
    }
  },
}

export default { meta: { name: 'dualscope' }, rules: { 'no-export-all': noExportAll } }
