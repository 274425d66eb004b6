/** YAML and JSON as Envoy reads them, as a tree of nodes that know where they stand. */
@NullMarked
package dev.attache.config.load.tree;

import org.jspecify.annotations.NullMarked;
