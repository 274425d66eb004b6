/** From a tree to what is evaluated: one node for each operation. */
@NullMarked
package dev.attache.filters.cel.plan;

import org.jspecify.annotations.NullMarked;
