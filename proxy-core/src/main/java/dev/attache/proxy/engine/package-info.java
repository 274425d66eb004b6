/**
 * The engine: workers and their threads, and how a published configuration reaches each of them.
 */
@NullMarked
package dev.attache.proxy.engine;

import org.jspecify.annotations.NullMarked;
