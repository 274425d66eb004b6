/** Stock Istio control planes, with and without Kubernetes, and the proxies they configure. */
@NullMarked
package dev.attache.mesh;

import org.jspecify.annotations.NullMarked;
