package dev.attache.iptables.capture;

import org.jspecify.annotations.Nullable;

/** Turns user and group names in rules into ids. */
public interface Names {
    /** The id of a user, or null. */
    @Nullable String userId(String name);

    /** The id of a group, or null. */
    @Nullable String groupId(String name);
}
