/**
 * Templates as they are written: words, and the tree that they make. As {@code text/template/parse}
 * of Go reads them, errors word for word.
 */
@NullMarked
package dev.attache.agent.bootstrap.template.syntax;

import org.jspecify.annotations.NullMarked;
