package io.yima.wechat;

import org.jspecify.annotations.Nullable;

/**
 * A code and what it is bound to, as WeChat tells it [M5], [M6]. Any of it may be missing: no page
 * says what is answered for a code that is not activated. Texts are of at most 1,000 characters.
 *
 * @param codeStart first index of the range that was activated together
 */
public record BoundCode(
    @Nullable String code,
    @Nullable Long applicationId,
    @Nullable String isvApplicationId,
    @Nullable String activityName,
    @Nullable String productBrand,
    @Nullable String productTitle,
    @Nullable String productCode,
    @Nullable String wxaAppid,
    @Nullable String wxaPath,
    @Nullable Integer wxaType,
    @Nullable Long codeStart,
    @Nullable Long codeEnd) {

  /**
   * Whether it is bound to just this. The product's code and the mini program's version are left
   * out by some pages, so only another one speaks against it, except where the code may have been
   * bound before to what differs in nothing else.
   *
   * @param anew whether it may have been bound before
   */
  public boolean isBoundTo(CodeBinding binding, boolean anew) {
    return binding.activityName().equals(activityName)
        && binding.productBrand().equals(productBrand)
        && binding.productTitle().equals(productTitle)
        && binding.wxaAppid().equals(wxaAppid)
        && binding.wxaPath().equals(wxaPath)
        && (productCode == null ? !anew : binding.productCode().equals(productCode))
        && (wxaType == null ? !anew : binding.wxaType() == wxaType);
  }
}
