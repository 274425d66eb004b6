/** Runtime: layered key-value settings that parts of a configuration defer to. */
@NullMarked
package dev.attache.config.runtime;

import org.jspecify.annotations.NullMarked;
