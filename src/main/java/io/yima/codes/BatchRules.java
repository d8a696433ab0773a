package io.yima.codes;

import io.yima.api.FieldError;
import io.yima.api.Problems;
import io.yima.codes.CodeApplication.Order;
import io.yima.security.Caller;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a batch must be like before anything is looked up: all that is wrong is told at once. */
final class BatchRules {

  private final OrderBatch batch;
  private final Caller caller;
  private final ProviderId provider;
  private final Instant now;
  private final List<FieldError> errors = new ArrayList<>();
  private final Map<ApplicationKey, String> places = new HashMap<>();

  private BatchRules(OrderBatch batch, Caller caller, Instant now) {
    this.batch = batch;
    this.caller = caller;
    this.provider = caller.provider().id();
    this.now = now;
  }

  /**
   * The orders of a batch that breaks no rule. Throws the 403 when the key is restricted to other
   * merchants than one that is named, else the 422.
   */
  static List<PlacedOrder> check(OrderBatch batch, Caller caller, Instant now) {
    return new BatchRules(batch, caller, now).check();
  }

  private List<PlacedOrder> check() {
    if (batch.size() < 1 || batch.size() > OrderBatch.MOST_ITEMS) {
      throw Problems.invalid(batch.whole(), "must be 1 to " + OrderBatch.MOST_ITEMS);
    }
    refuseForeignMerchants();
    List<PlacedOrder> orders = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      PlacedOrder order = check(batch.item(i), batch.place(i));
      if (order != null) {
        orders.add(order);
      }
    }
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
    return orders;
  }

  private void refuseForeignMerchants() {
    for (int i = 0; i < batch.size(); i++) {
      BatchItem item = batch.item(i);
      if (item != null && item.authorizerAppid() != null) {
        caller.requireAllowed(item.authorizerAppid());
      }
    }
  }

  private @Nullable PlacedOrder check(@Nullable BatchItem item, String place) {
    if (item == null) {
      errors.add(new FieldError(place, batch.noItem()));
      return null;
    }
    String appid = item.authorizerAppid();
    Long codeCount = item.codeCount();
    String isvApplicationId = item.isvApplicationId();
    List<FieldError> broken = new ArrayList<>();
    if (appid == null) {
      broken.add(new FieldError("authorizer_appid", "is required"));
    } else if (!AuthorizerId.isAppid(appid)) {
      broken.add(new FieldError("authorizer_appid", "must be an appid"));
    }
    broken.addAll(ApplicationRules.broken(codeCount, isvApplicationId, item.label()));
    if (isvApplicationId == null) {
      broken.add(new FieldError("isv_application_id", "is required"));
    }
    broken.forEach(error -> add(place, error));
    if (!broken.isEmpty() || appid == null || codeCount == null || isvApplicationId == null) {
      return null;
    }
    ApplicationKey key = new ApplicationKey(new AuthorizerId(provider, appid), isvApplicationId);
    String earlier = places.putIfAbsent(key, place);
    if (earlier != null) {
      add(place, new FieldError("isv_application_id", "is the same order as " + earlier));
    }
    Order order = new Order(codeCount, item.label(), caller.requestedBy(), caller.actor(), now);
    return new PlacedOrder(place, key, order);
  }

  private void add(String place, FieldError error) {
    errors.add(new FieldError(place + "." + error.field(), error.message()));
  }
}
