/** Keys, certificates and roots that somebody else writes to files: read, checked, watched. */
@NullMarked
package dev.attache.agent.identity.file;

import org.jspecify.annotations.NullMarked;
