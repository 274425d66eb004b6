package dev.attache.xds;

import java.util.ArrayList;
import java.util.List;

/** A watcher that writes down what it hears and answers what the test tells it to. */
public final class RecordingWatcher implements ResourceWatcher {

    public final List<String> heard = new ArrayList<>();
    public UpdateOutcome answer = UpdateOutcome.ACCEPTED;

    @Override
    public UpdateOutcome onState(List<XdsResource> resources, String version) {
        heard.add("state " + version + " " + resources.stream().map(XdsResource::name).toList());
        return answer;
    }

    @Override
    public UpdateOutcome onDelta(List<XdsResource> changed, List<String> removed, String version) {
        heard.add("delta +" + changed.stream().map(XdsResource::name).toList() + " -" + removed);
        return answer;
    }

    @Override
    public void onUnchanged(String version) {
        heard.add("unchanged " + version);
    }

    @Override
    public void onFailure(FetchFailure reason, String detail) {
        heard.add(reason + " " + detail);
    }
}
