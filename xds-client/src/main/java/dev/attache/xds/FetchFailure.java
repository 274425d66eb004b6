package dev.attache.xds;

/** Why a subscription has no (new) resources to show. */
public enum FetchFailure {
    /** The stream to the control plane could not be opened or broke. It is being reopened. */
    CONNECTION,
    /** Nothing arrived within {@code initial_fetch_timeout}. The subscription goes on. */
    FETCH_TIMED_OUT,
    /** What arrived was refused, or could not be read. The previous state stays. */
    UPDATE_REJECTED
}
