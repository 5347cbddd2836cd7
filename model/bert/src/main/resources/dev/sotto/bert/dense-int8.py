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

# A layer's two linear layers after attention, and what goes past them. A batch's activations are quantized with one scale, which few
# large entries would take from all others. Before the first layer every column is divided by how large LayerNorm's weights let it
# become, and the matrix multiplied (Xiao et al. 2023, "SmoothQuant", equation 3 with alpha 1); before the second every row, a token,
# is divided by its largest entry, and the result multiplied (Yao et al. 2022, "ZeroQuant", section 4.1).
class FeedForward(Module):
  __parameters__ = ["reach", "bias", ]
  __buffers__ = []
  training : bool
  intermediate : __torch__.Dense
  output : __torch__.Dense
  reach : Tensor
  bias : Tensor
  def prepare(self: __torch__.FeedForward) -> NoneType:
    _0 = (self.intermediate).prepare()
    _1 = (self.output).prepare()
    return None
  def forward(self: __torch__.FeedForward,
    x: Tensor) -> Tensor:
    inner = torch.${gelu}((self.intermediate).forward(x / self.reach, ))
    largest = torch.clamp_min(torch.amax(inner, [-1], True), 0.5)
    return torch.addcmul(x + self.bias, (self.output).forward(torch.div_(inner, largest), ), largest)
