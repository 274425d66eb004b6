package dev.attache.console.explain;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.attache.proxy.explain.Explanation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads an explanation that a proxy has printed as JSON. Pure. */
final class ReadExplanation {

    private ReadExplanation() {}

    /**
     * The same facts in the same order.
     *
     * @throws IOException where it is no explanation
     */
    static Explanation of(JsonElement json) throws IOException {
        if (!json.isJsonObject()) {
            throw new IOException("the answer is no explanation");
        }
        Explanation read = new Explanation();
        fill(json.getAsJsonObject(), read);
        return read;
    }

    private static void fill(JsonObject from, Explanation into) {
        for (Map.Entry<String, JsonElement> fact : from.entrySet()) {
            String name = fact.getKey();
            switch (fact.getValue()) {
                case JsonObject object -> fill(object, into.part(name));
                case JsonArray array -> list(name, array, into);
                case JsonPrimitive value when value.isBoolean() ->
                        into.say(name, value.getAsBoolean());
                case JsonPrimitive value when value.isNumber() -> into.say(name, value.getAsLong());
                default -> into.say(name, fact.getValue().getAsString());
            }
        }
    }

    private static void list(String name, JsonArray array, Explanation into) {
        List<String> texts = new ArrayList<>();
        into.empty(name);
        for (JsonElement item : array) {
            if (item.isJsonObject()) {
                fill(item.getAsJsonObject(), into.item(name));
            } else {
                texts.add(item.getAsString());
            }
        }
        if (!texts.isEmpty()) {
            into.say(name, texts);
        }
    }
}
