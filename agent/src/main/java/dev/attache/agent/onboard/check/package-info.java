/**
 * Whether a machine can be onboarded: each thing that a proxy needs is really done once, in the
 * order in which it depends on another, and what is wrong is said with its remedy.
 */
@NullMarked
package dev.attache.agent.onboard.check;

import org.jspecify.annotations.NullMarked;
