# A linear layer, y = x W^T + b.
class Dense(Module):
  __parameters__ = ["weight", "bias", ]
  __buffers__ = []
  training : bool
  weight : Tensor
  bias : Tensor
  def prepare(self: __torch__.Dense) -> NoneType:
    return None
  def forward(self: __torch__.Dense,
    x: Tensor) -> Tensor:
    return torch.linear(x, self.weight, self.bias)

# A layer's two linear layers after attention, and what goes past them.
class FeedForward(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  intermediate : __torch__.Dense
  output : __torch__.Dense
  def prepare(self: __torch__.FeedForward) -> NoneType:
    return None
  def forward(self: __torch__.FeedForward,
    x: Tensor) -> Tensor:
    inner = torch.${gelu}((self.intermediate).forward(x, ))
    return torch.add_((self.output).forward(inner, ), x)
