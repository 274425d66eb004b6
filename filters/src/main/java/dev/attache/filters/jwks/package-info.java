/**
 * Key sets that are fetched over HTTP ({@code RemoteJwks}): on demand by a worker, or again and
 * again by the main loop.
 */
@NullMarked
package dev.attache.filters.jwks;

import org.jspecify.annotations.NullMarked;
