/** What onboarding changes on a machine, and the journal by which leaving undoes just that. */
@NullMarked
package dev.attache.agent.onboard.machine;

import org.jspecify.annotations.NullMarked;
