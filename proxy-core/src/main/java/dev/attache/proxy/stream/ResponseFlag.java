package dev.attache.proxy.stream;

/** Envoy's response flags, short name first ({@code %RESPONSE_FLAGS%}) and long. */
public enum ResponseFlag {
    LH("FailedLocalHealthCheck"),
    UH("NoHealthyUpstream"),
    UT("UpstreamRequestTimeout"),
    LR("LocalReset"),
    UR("UpstreamRemoteReset"),
    UF("UpstreamConnectionFailure"),
    UC("UpstreamConnectionTermination"),
    UO("UpstreamOverflow"),
    NR("NoRouteFound"),
    DI("DelayInjected"),
    FI("FaultInjected"),
    RL("RateLimited"),
    UAEX("UnauthorizedExternalService"),
    RLSE("RateLimitServiceError"),
    DC("DownstreamConnectionTermination"),
    URX("UpstreamRetryLimitExceeded"),
    SI("StreamIdleTimeout"),
    IH("InvalidEnvoyRequestHeaders"),
    DPE("DownstreamProtocolError"),
    UMSDR("UpstreamMaxStreamDurationReached"),
    RFCF("ResponseFromCacheFilter"),
    NFCF("NoFilterConfigFound"),
    DT("DurationTimeout"),
    UPE("UpstreamProtocolError"),
    NC("NoClusterFound"),
    OM("OverloadManagerTerminated"),
    DF("DnsResolutionFailed"),
    DO("DropOverload"),
    DR("DownstreamRemoteReset"),
    UDO("UnconditionalDropOverload");

    private final String longName;

    ResponseFlag(String longName) {
        this.longName = longName;
    }

    public String longName() {
        return longName;
    }
}
