// What oxlint has no rule for.

// A module names what it exports.
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

// The functions of a module are declared, so that all of them look the same. A function with a type of its own may be a constant.
const functionDeclarations = {
  meta: { type: 'problem', messages: { declare: 'Declare it: `function {{name}}()`.' } },
  create(context) {
    return {
      'Program > VariableDeclaration > VariableDeclarator, Program > ExportNamedDeclaration > VariableDeclaration > VariableDeclarator'(
        node,
      ) {
        if (node.init?.type !== 'ArrowFunctionExpression' || node.id.typeAnnotation) return
        context.report({ node, messageId: 'declare', data: { name: node.id.name } })
      },
    }
  },
}

export default {
  meta: { name: 'dualscope' },
  rules: { 'no-export-all': noExportAll, 'function-declarations': functionDeclarations },
}
