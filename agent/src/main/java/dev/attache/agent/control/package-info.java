/**
 * How the agent reaches its control plane and the authority that signs: addresses, roots, names,
 * tokens, headers, and what went wrong in words.
 */
@NullMarked
package dev.attache.agent.control;

import org.jspecify.annotations.NullMarked;
