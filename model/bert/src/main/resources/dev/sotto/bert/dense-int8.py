# A linear layer with int8 weights, one scale per output; activations are quantized as they come.
class Dense(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor
  packed : Optional[__torch__.torch.classes.quantized.LinearPackedParamsBase]
  # To be called once after loading: packs the weights for this processor and lets the originals go.
  def prepare(self: __torch__.Dense) -> NoneType:
    scale = torch.clamp_min(torch.amax(torch.abs(self.weight), [1]) / 127., 1.0e-10)
    zero = torch.zeros_like(scale, dtype=4)
    quantized = torch.quantize_per_channel(self.weight, torch.to(scale, 7), zero, 0, 12)
    self.packed = ops.quantized.linear_prepack(quantized, self.bias)
    self.weight = torch.empty([0])
    return None
  def forward(self: __torch__.Dense,
    x: Tensor) -> Tensor:
    packed = unchecked_cast(__torch__.torch.classes.quantized.LinearPackedParamsBase, self.packed)
    return ops.quantized.linear_dynamic(x, packed, False)
