package dev.attache.filters.delegation;

import dev.attache.filters.delegation.FilterAction.Delegation;
import dev.attache.proxy.pipeline.FilterContext;

/** A filter on a stream that does what a matcher in front of it has picked. */
public interface ActionTaker {

    /**
     * Called once, before the part of a message that decided.
     *
     * @param opened where the matcher's actions are open
     */
    void take(Delegation action, OpenedActions opened, FilterContext context);
}
