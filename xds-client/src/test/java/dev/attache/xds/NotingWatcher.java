package dev.attache.xds;

import java.util.ArrayList;
import java.util.List;

/** Takes states and changes alike, piece by piece, and notes what it hears. */
abstract class NotingWatcher implements ResourceWatcher {

    public final List<String> heard = new ArrayList<>();

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        return takeState(resources, version).finish();
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeState(changed, version).finish();
    }

    @Override
    public Takeover takeDelta(List<XdsResource> changed, List<String> removed, String version) {
        return takeState(changed, version);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        heard.add(reason + " " + detail);
    }
}
