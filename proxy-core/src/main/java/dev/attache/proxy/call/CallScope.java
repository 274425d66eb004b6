package dev.attache.proxy.call;

/** On whose behalf calls are made, e.g. a filter on one stream. Loop-confined. */
public interface CallScope {

    /** A call has begun; it may have ended already when its maker hears of it. */
    default void began(UpstreamCall call) {}

    /** It is over, in whatever way. */
    default void ended(UpstreamCall call) {}

    /** A listener threw; its call has been given up. */
    void failed(Throwable thrown);
}
