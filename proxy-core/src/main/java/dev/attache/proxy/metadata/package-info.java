/**
 * Metadata and filter state: what configuration, control plane and filters say about a resource, a
 * connection or a request. Leaf package, protobuf-free: the config module converts {@code Struct}.
 */
@NullMarked
package dev.attache.proxy.metadata;

import org.jspecify.annotations.NullMarked;
