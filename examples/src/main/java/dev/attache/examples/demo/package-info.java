/**
 * The demonstration: a control plane, two sidecars with mTLS between them, two versions of a small
 * service, and a client that counts failures while routes, endpoints and certificates change.
 * Resources are the YAML files under {@code demo/}, as one would write them for Envoy.
 */
@NullMarked
package dev.attache.examples.demo;

import org.jspecify.annotations.NullMarked;
