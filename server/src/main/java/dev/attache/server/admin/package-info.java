/**
 * The administration interface: Envoy's endpoints under Envoy's names, in Envoy's forms. Requests
 * are read and pages printed on a loop of their own; the main loop answers what is its own to know,
 * and hands over the rest, so that a large dump holds up neither traffic nor configuration. Facts:
 * Envoy's "Administration interface" page.
 */
@NullMarked
package dev.attache.server.admin;

import org.jspecify.annotations.NullMarked;
