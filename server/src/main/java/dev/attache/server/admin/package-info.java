/**
 * The administration interface: Envoy's endpoints under Envoy's names, in Envoy's forms. Requests
 * are read on a loop of their own and answered on the main loop, so that a large dump holds up no
 * traffic. Facts: Envoy's "Administration interface" page.
 */
@NullMarked
package dev.attache.server.admin;

import org.jspecify.annotations.NullMarked;
