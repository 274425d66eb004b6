/** Who signs: one class for each kind of certificate authority. */
@NullMarked
package dev.attache.agent.identity.ca;

import org.jspecify.annotations.NullMarked;
