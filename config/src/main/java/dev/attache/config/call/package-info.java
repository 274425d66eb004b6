/** How services are called that extensions ask: {@code GrpcService} and {@code HttpUri}. */
@NullMarked
package dev.attache.config.call;

import org.jspecify.annotations.NullMarked;
