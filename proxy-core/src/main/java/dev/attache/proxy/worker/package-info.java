/** Event loops, timers and the publish path. */
@NullMarked
package dev.attache.proxy.worker;

import org.jspecify.annotations.NullMarked;
