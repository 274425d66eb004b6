/**
 * The versions of clusters and listeners: the one that serves and the one that warms ({@link
 * dev.attache.server.plane.version.VersionedResource}), what a version waits for ({@link
 * dev.attache.server.plane.version.Warmup}), a response on its way into its store, and the
 * publication of what is ready. Main loop only.
 */
@NullMarked
package dev.attache.server.plane.version;

import org.jspecify.annotations.NullMarked;
