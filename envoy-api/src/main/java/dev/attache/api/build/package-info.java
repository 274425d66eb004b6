/** Makes the table of Envoy's API. Runs in the build only and is not in the jar. */
@NullMarked
package dev.attache.api.build;

import org.jspecify.annotations.NullMarked;
