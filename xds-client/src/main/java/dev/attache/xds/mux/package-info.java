/**
 * The protocol itself: state-of-the-world and incremental, over one stream that may carry several
 * types (ADS) or one. Subscriptions, nonces and versions, ACK and NACK, pausing, time to live.
 */
@NullMarked
package dev.attache.xds.mux;

import org.jspecify.annotations.NullMarked;
